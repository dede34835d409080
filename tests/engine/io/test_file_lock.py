"""A lock lasts as long as whoever took it, and no longer."""

import subprocess
import sys
from pathlib import Path

from engine.io.file_lock import FileLock

ROOT = Path(__file__).parents[3]
HOLDER = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from engine.io.file_lock import FileLock\n"
    "lock = FileLock.take(Path(sys.argv[1]))\n"
    "print(lock is not None, flush=True)\n"
    "time.sleep(60)\n"
)


def test_another_process_holds_it_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        assert FileLock.take(path) is None
        holder.kill()
    lock = FileLock.take(path)
    assert lock
    lock.release(remove=False)
    assert path.exists()


def test_released_it_can_be_taken_again_and_may_leave_no_file(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    lock = FileLock.take(path)
    assert lock
    assert FileLock.take(path) is None
    lock.release(remove=True)
    assert not path.exists()
    again = FileLock.take(path)
    assert again
    again.release(remove=True)
