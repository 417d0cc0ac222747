"""Measures CPython's contextvars, with the questions and answers of worker.ts."""

import asyncio
import gc
import json
import math
import platform
import random
import sys
import time
import tracemalloc
from contextvars import Context, ContextVar, copy_context

BATCH = 100
KEPT = 100_000
REQUEST_GETS = 20
ROUND_SECONDS = 0.015
# The length of a loop, at least: what stands around it costs nothing then, however few variables.
LOOP_LENGTH = 10_000

made = [ContextVar(f"variable{i}") for i in range(int(sys.argv[1]))]
variables = random.Random(1).sample(made, len(made))
# The variables over and over, with a value that changes each time.
sets = [(variable, value) for value in "bc" for variable in variables]
sets *= math.ceil(LOOP_LENGTH / len(sets))
gets = [variable for variable, _ in sets]
times_by_name = {}


def get(times):
    for part in parts(gets, times):
        for variable in part:
            variable.get()


def set_(times):
    for part in parts(sets, times):
        for variable, value in part:
            variable.set(value)


def set_and_reset(times):
    for part in parts(sets, times):
        for variable, value in part:
            variable.reset(variable.set(value))


def copy(times):
    for _ in range(times):
        copy_context()


def copy_enter_set(times):
    for part in parts(sets, times):
        for variable, value in part:
            copy_context().run(variable.set, value)


def request(times):
    for _ in range(times):
        Context().run(handle)


def handle():
    for variable in variables:
        variable.set("b")
    for i in range(REQUEST_GETS):
        variables[i % len(variables)].get()


def run(times):
    context = copy_context()
    for _ in range(times):
        context.run(nothing)


def run_deep(times, depth):
    if depth == 0:
        run(times)
    else:
        copy_context().run(run_deep, times, depth - 1)


def tasks(times):
    asyncio.run(batches(times))


async def batches(times):
    index = 0
    for _ in range(times // BATCH):
        chosen = [variables[(index + i) % len(variables)] for i in range(BATCH)]
        index += BATCH
        await asyncio.gather(*[asyncio.create_task(task(each, "b")) for each in chosen])


async def two_tasks(variable):
    return await asyncio.gather(task(variable, "c"), task(variable, "d"))


async def seen_by(variable):
    """Tells who sees a set, as worker.ts does."""
    beside = get_later(variable)  # no task, which would have a context of its own
    next(beside)
    await set_before(variable)
    before = variable.get()
    await set_after(variable)
    after = variable.get()
    seen = [before == "before", after == "after", next(beside) == "after"]
    await asyncio.create_task(task(variable, "task"))
    return [*seen, variable.get() == "task"]


def get_later(variable):
    yield
    yield variable.get()


async def set_before(variable):
    variable.set("before")
    await asyncio.sleep(0)


async def set_after(variable):
    await asyncio.sleep(0)
    variable.set("after")


async def task(variable, value):
    variable.set(value)
    await asyncio.sleep(0)
    return variable.get()


def nothing():
    pass


def parts(whole, times):
    """Yields the list again and again, the last time cut, so that it makes `times` entries in all."""
    while times > 0:
        yield whole if times >= len(whole) else whole[:times]
        times -= len(whole)


OPERATIONS = {
    "get": get,
    "set": set_,
    "set + reset": set_and_reset,
    "copy": copy,
    "copy + enter + set": copy_enter_set,
    "run": run,
    "run, 10 deep": lambda times: run_deep(times, 10),
    "run, 100 deep": lambda times: run_deep(times, 100),
    "request": request,
    "task": tasks,
}


def measure(name):
    act = OPERATIONS[name]
    times = times_by_name.get(name, BATCH if name == "task" else 1)
    if name not in times_by_name:
        # Three times: a round that is long once may only have had to wait.
        while min(timed(act, times) for _ in range(3)) < ROUND_SECONDS:
            times *= 2
        times_by_name[name] = times
    return timed(act, times) * 1e9 / times


def timed(act, times):
    start = time.perf_counter()
    act(times)
    return time.perf_counter() - start


def check():
    variable = variables[0]
    assert all(each.get() == "a" for each in variables)
    variable.reset(variable.set("b"))
    assert variable.get() == "a"
    copied = copy_context()
    copied.run(variable.set, "c")
    assert copied[variable] == "c"
    assert variable.get() == "a"
    assert asyncio.run(two_tasks(variable)) == ["c", "d"]
    assert variable.get() == "a"
    assert asyncio.run(seen_by(variable)) == [True, True, True, False]
    return {
        "name": "CPython",
        "setReaches": "the task",
        "runtime": f"CPython {platform.python_version()}",
        "operations": list(OPERATIONS),
    }


def weigh(make):
    kept = [None] * KEPT
    tracemalloc.start()
    before = bytes_used()
    for i in range(KEPT):
        kept[i] = make(i)
    live = (bytes_used() - before) / KEPT
    kept[:] = [None] * KEPT
    left = (bytes_used() - before) / KEPT
    tracemalloc.stop()
    return {"live": live, "left": left}


def new_context(_):
    context = Context()
    context.run(handle)
    return context


def copy_with_one_set(i):
    context = copy_context()
    context.run(variables[i % len(variables)].set, "b")
    return context


def bytes_used():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def answer(name):
    if name == "check":
        return check()
    if name == "bytes of a context":
        return weigh(new_context)
    if name == "bytes of a copy with one set":
        return weigh(copy_with_one_set)
    return measure(name)


def main():
    for variable in made:
        variable.set("a")
    for line in sys.stdin:
        print(json.dumps(answer(line.strip())), flush=True)


Context().run(main)
