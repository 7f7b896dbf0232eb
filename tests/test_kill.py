import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bulle import InputError
from bulle.__main__ import main
from bulle.app import folder

KILLS = 4
MARK = "BULLE_TEST_RUN"  # in the environment of a run, and so of all that it starts
WRITER = """
import itertools, sys
from pathlib import Path
from bulle.app import folder
for number in itertools.count():
    with folder.replaced(Path(sys.argv[1])) as new:
        (new / "tables").mkdir()
        for name in sys.argv[2:]:
            (new / name).write_text(str(number))
    print(number, flush=True)
"""


def started(output, *words, **options):
    """A run of the first notebook in the background, in a session of its own."""
    command = [sys.executable, "-m", "bulle", "run", "1", "-o", str(output), *words]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    options = {"start_new_session": True, "preexec_fn": heard} | streams | options
    return subprocess.Popen(command, env=os.environ | {MARK: str(output)}, **options)


def heard():
    """Where the tests themselves run in the background, an interrupt is ignored by what they start: let it be heard."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def ended(run):
    """Exit status and what a run wrote to stderr."""
    _, told = run.communicate(timeout=120)
    return run.returncode, told


def files(output):
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def strays(output):
    """Processes that a run started and that are still alive."""
    mark, found = f"{MARK}={output}\0".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes() and "\nState:\tZ" not in (process / "status").read_text():
                found.append(process.name)
        except OSError:
            pass  # it ended meanwhile
    return found


def no_stray(output, seconds=20):
    """Whether all that a run started is gone, or goes within these seconds."""
    deadline = time.monotonic() + seconds
    while strays(output) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not strays(output)


def unfinished(output):
    return [path.name for path in output.parent.iterdir() if path.name.startswith(f".{output.name}.")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A whole run with each of two values, and how long one takes."""
    base = tmp_path_factory.mktemp("whole")
    start = time.monotonic()
    assert ended(started(base / "3", "-p", "top", "3"))[0] == 0
    seconds = time.monotonic() - start
    assert main(["run", "1", "-p", "top", "4", "-o", str(base / "4")]) == 0
    return base, seconds


@pytest.fixture
def earlier(whole, tmp_path):
    """An output folder that holds a whole run."""
    return shutil.copytree(whole[0] / "3", tmp_path / "out")


def test_a_folder_killed_at_any_moment_is_whole(tmp_path):
    chance, names = random.Random(1), [*map(str, range(10)), *(f"tables/{number}" for number in range(10))]
    for _ in range(KILLS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "out", *names], stdout=subprocess.PIPE)
        writer.stdout.readline()  # the first is whole
        time.sleep(chance.uniform(0, 0.02))
        writer.kill()
        writer.communicate()
        whole = files(tmp_path / "out")
        assert sorted(whole) == sorted([*names, folder.MANIFEST])
        assert folder.foreign(tmp_path / "out") == []
        assert len({whole[name] for name in names}) == 1, "two versions are mixed"
    with folder.replaced(tmp_path / "out"):
        assert len(unfinished(tmp_path / "out")) == 1, "what the dead left is swept"
    assert unfinished(tmp_path / "out") == [] and list(files(tmp_path / "out")) == [folder.MANIFEST]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_run_killed_at_any_moment_leaves_the_old_or_the_new_whole_and_no_process(whole, tmp_path):
    base, seconds = whole
    states = [files(base / top) for top in "34"]
    chance, output = random.Random(2), shutil.copytree(base / "3", tmp_path / "out")
    for earliest, latest in ((0.2, 0.7), (0.7, 1.1)):
        run = started(output, "-p", "top", "4")
        time.sleep(chance.uniform(earliest, latest) * seconds)
        run.kill()
        ended(run)
        assert files(output) in states
        assert no_stray(output)
    assert main(["run", "1", "-p", "top", "4", "-o", str(output)]) == 0
    assert files(output) == states[1] and unfinished(output) == []


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_an_interrupt_leaves_the_old_run_one_line_and_no_process(earlier):
    before = files(earlier)
    run = started(earlier, "-p", "top", "5")
    while not unfinished(earlier):  # the run has begun
        time.sleep(0.01)
    time.sleep(0.3)
    for _ in range(2):  # Python drops an interrupt that comes while it tidies an object away: who waits asks again
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(run.pid, signal.SIGINT)  # as a terminal does
            run.wait(2)
    status, told = ended(run)
    assert status == 130 and "interrupted" in told.splitlines()[-1] and "Traceback" not in told
    assert files(earlier) == before and unfinished(earlier) == [] and no_stray(earlier)


def test_two_writers_into_one_folder_do_not_mix(tmp_path):
    names = [*map(str, range(10)), *(f"tables/{number}" for number in range(10))]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "out", *names], stdout=subprocess.PIPE)
    for number in range(50):
        writer.stdout.readline()
        with folder.replaced(tmp_path / "out") as new:
            (new / "tables").mkdir()
            for name in names:
                (new / name).write_text(f"mine {number}")
        assert writer.poll() is None
    writer.kill()
    writer.communicate()
    whole = files(tmp_path / "out")
    assert sorted(whole) == sorted([*names, folder.MANIFEST]) and len({whole[name] for name in names}) == 1


def test_a_run_that_is_alive_is_not_swept(tmp_path):
    with folder.replaced(tmp_path / "out") as one:
        (one / "a").write_text("one")
        with folder.replaced(tmp_path / "out") as other:
            (other / "b").write_text("other")
        assert sorted(files(tmp_path / "out")) == ["b", folder.MANIFEST]
    assert sorted(files(tmp_path / "out")) == ["a", folder.MANIFEST], "the last whole one stands"


def test_without_an_exchange_in_one_step_the_next_run_mends_what_stopped_half_way(tmp_path):
    with folder.replaced(tmp_path / "out") as new:
        (new / "a").write_text("old")
    before = files(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.unfinished-abcd1234.old")  # where two steps were stopped between them
    with pytest.raises(ZeroDivisionError), folder.replaced(tmp_path / "out"):
        assert files(tmp_path / "out") == before
        raise ZeroDivisionError
    assert files(tmp_path / "out") == before and unfinished(tmp_path / "out") == []


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "out").symlink_to("there")
    for text in ("old", "new"):
        with folder.replaced(tmp_path / "out") as new:
            (new / "a").write_text(text)
    assert (tmp_path / "out").is_symlink() and files(tmp_path / "there")["a"] == b"new"


@pytest.fixture
def readonly():
    """A folder that this process may not write to."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # the superuser may write anywhere
    yield place
    os.seteuid(user)
    place.rmdir()


def test_a_readonly_folder_is_named(readonly):
    told = f"cannot write the output folder '{readonly}/out': permission denied"
    with pytest.raises(InputError, match=told), folder.replaced(readonly / "out"):
        raise AssertionError("nothing runs")


def test_a_folder_inside_a_file_is_named(tmp_path, capsys):
    (tmp_path / "file").touch()
    path = f"{tmp_path}/file/out"
    assert main(["run", "1", "-o", path]) == 2
    told = f"bulle: cannot write the output folder '{path}': file exists; mend that or name another with -o\n"
    assert capsys.readouterr().err == told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_leaves_the_old_folder(earlier):
    before = files(earlier)
    with pytest.raises(InputError, match="no space left on device"), folder.replaced(earlier) as new:
        (new / "page").symlink_to("/dev/full")
        (new / "page").write_text("words")
    assert files(earlier) == before and unfinished(earlier) == []


@pytest.mark.parametrize("size", [20, 9000])
def test_a_run_that_may_not_write_its_files_says_so_in_one_line(size, earlier):
    before = files(earlier)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731
    status, told = ended(started(earlier, "-p", "top", "5", preexec_fn=limit))
    reason = f"cannot write the output folder '{earlier}'" if size > 20 else "the kernel that runs the notebooks cannot"
    assert status in (1, 2) and reason in told and "Traceback" not in told
    assert "Traceback" not in told and files(earlier) == before and unfinished(earlier) == []
