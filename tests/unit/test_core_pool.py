import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foley_designer.core.work.pool import LocalPool, RayPool, WorkerDiedError


def double(number):
    if number == 13:
        raise ValueError("unlucky")
    return 2 * number


def die_once(task):
    marker, number = Path(task[0]), task[1]
    if number == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_results_and_errors_come_back_with_their_task():
    results = dict(LocalPool(2).run(double, list(range(10, 16))))
    assert isinstance(results.pop(3), ValueError)
    assert results == {0: 20, 1: 22, 2: 24, 4: 28, 5: 30}
    assert list(LocalPool(2).run(double, [])) == []


READY = ("foley_designer.core.clip",)


@pytest.mark.slow
@pytest.mark.parametrize("ready", [(), READY])
def test_a_killed_worker_loses_nothing(tmp_path, ready):
    tasks = [(str(tmp_path / "died"), number) for number in range(8)]
    assert dict(LocalPool(2, ready).run(die_once, tasks)) == {n: n for n in range(8)}


def loaded(module):
    return module in sys.modules


def test_workers_begin_with_what_is_ready_in_every_run():
    code = (
        "import sys; from foley_designer.core.work.pool import LocalPool;"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_core_pool as t;"
        "pool = LocalPool(1, ('foley_designer.core.session.session',));"
        "runs = [dict(pool.run(t.loaded, [pool.ready[0]])) for _ in range(2)];"
        "assert runs == [{0: True}] * 2, runs;"
        "assert dict(LocalPool(1).run(t.loaded, [pool.ready[0]])) == {0: False}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_task_that_kills_its_workers_is_given_up_alone():
    results = dict(LocalPool(2).run(die, list(range(5))))
    assert isinstance(results.pop(2), WorkerDiedError)
    assert results == {0: 0, 1: 1, 3: 3, 4: 4}


def report_and_wait(file):
    with Path(file).open("a") as out:
        out.write(f"{os.getpid()}\n")
    time.sleep(60)


def _is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("ready", [(), READY])
def test_workers_end_with_a_parent_that_is_killed(tmp_path, ready):
    file = tmp_path / "pids"
    code = (
        "import sys; from foley_designer.core.work.pool import LocalPool;"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_core_pool as t;"
        f"list(LocalPool(2, {ready!r}).run(t.report_and_wait, [{str(file)!r}] * 2))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while not file.exists() and parent.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    pids = [int(line) for line in file.read_text().split()]
    while any(_is_there(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert pids
    assert not any(_is_there(pid) for pid in pids)


def test_ray_gives_the_same(tmp_path):
    pytest.importorskip("ray")
    import ray

    try:
        tasks = [(str(tmp_path / "died"), number) for number in range(6)]
        assert dict(RayPool(workers=2).run(die_once, tasks)) == {n: n for n in range(6)}
        assert isinstance(dict(RayPool().run(double, [13]))[0], ValueError)
    finally:
        ray.shutdown()
