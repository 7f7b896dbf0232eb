import shutil
import subprocess

import pytest

from bulle import LANGUAGES
from bulle.__main__ import main

ASKED = """
source /dev/stdin
asked() { COMP_TYPE=9; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bulle; printf '%s\\n' "${COMPREPLY[@]}" -; }
asked bulle comp; asked bulle run -p co; asked bulle run -p theme a -p narrate ""
asked bulle run --eng; asked bulle run 4
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_completes_commands_options_parameters_and_their_values(capsys):
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    done = subprocess.run(["bash", "-eu", "-c", ASKED], input=script, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    words = [[line.partition(" ")[0] for line in part.splitlines()] for part in done.stdout.split("-\n")]
    assert sorted(words[0]) == ["compare", "completion"]
    assert sorted(words[1]) == ["columns", "context", "contrast", "corpus"] and "(file, folder" in done.stdout
    assert words[2:5] == [[*LANGUAGES], ["--engine"], ["4-voices"]]


@pytest.mark.parametrize(("shell", "ends"), [("zsh", "compdef _bulle bulle; fi\n"), ("fish", "-a '(__bulle)'\n")])
def test_the_other_shells_have_the_same_words(shell, ends, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "bulle run -p narrate\tfr\t" in script and script.endswith(ends) and "@ROWS@" not in script


def test_no_command_at_all_is_answered_with_what_to_do_next(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out
    order = ["bulle run ", "--corpus", "-p theme", "bulle theme", "bulle check", "bulle new", "make lab", "completion"]
    assert [told.find(one) for one in order] == sorted(told.find(one) for one in order) and "bulle run " in told
