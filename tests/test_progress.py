import io

import pytest

from bulle import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def begun(monkeypatch):
    """A line on a stream; ten seconds have passed since each step began, and nobody waits for the first."""

    def made(stream):
        line = progress.Line(stream)
        for what, done, whole in [("notebook", 2, 4), ("cell", 3, 4), ("words", 400, 1000)]:
            line.told(what, done, whole)
            line.steps[what].began -= 10
        return line

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(progress, "OFTEN", 0)
    return made


def test_a_terminal_has_one_line_that_is_written_over_and_leaves_nothing(begun, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    line = begun(Terminal())
    line.show()
    line.told("words", 0, 0)
    line.show()
    line.write("")
    first, second, last = line.stream.getvalue().split("\r\x1b[K")
    assert first == "notebook 2 of 4; cutting into words: 400 of 1,000 articles, about 20 s left"
    assert second == "notebook 2 of 4; cell 3 of 4" and last == ""


def test_a_file_has_plain_lines_and_a_terminal_no_colour_where_none_is_wanted(begun, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    file, terminal = begun(io.StringIO()), begun(Terminal())
    for line in (file, terminal):
        line.show()
    assert "\x1b" not in file.stream.getvalue() and file.stream.getvalue().endswith(" left\n")
    assert "\x1b[2m" in terminal.stream.getvalue()


def test_a_step_inside_another_is_not_told_and_a_reading_counts_bytes(tmp_path):
    heard = []
    (tmp_path / "a.txt").write_text("La bulle enfle.\n" * 50, encoding="utf-8")
    progress.listen(lambda *told: heard.append(told))
    try:
        list(progress.over(progress.over("ab", 2, "words"), 2, "tone"))
        from bulle import corpus

        corpus.read(tmp_path)
    finally:
        progress.listen()
    assert heard[:2] == [("tone", 0, 2), ("tone", 0, 0)]
    assert (heard[2][0], heard[2][2]) == ("reading", 800)
