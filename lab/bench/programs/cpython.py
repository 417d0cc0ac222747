"""Measures CPython's contextvars as the programs beside this one do.

    cpython.py request VARIABLES
    cpython.py operations VARIABLES [OPERATION ...]
    cpython.py contexts|chain NUMBER
"""

import asyncio
import gc
import json
import random
import resource
import sys
import time
import tracemalloc
from contextvars import Context, ContextVar, copy_context

SECONDS = 0.025
ROUNDS = 5
LIMIT = 1
GETS = 20
BATCH = 100
ORDER = 2**14

what, number = sys.argv[1], int(sys.argv[2])
variables = [ContextVar(f"variable{i}") for i in range(number if what in ("request", "operations") else 10)]
shuffled = random.Random(1).sample(variables, len(variables))
order = [shuffled[i % len(shuffled)] for i in range(ORDER)]
unset = ContextVar("unset")
results = {}


def measure(name, loop, of=1):
    times = 1
    while seconds(loop, times) < SECONDS:
        times *= 2
    rounds, end = [], time.perf_counter() + LIMIT
    while not rounds or len(rounds) < ROUNDS and time.perf_counter() < end:
        rounds.append(seconds(loop, times) * 1e9 / times / of)
    results[name] = rounds


def seconds(loop, times):
    start = time.perf_counter()
    loop(times)
    return time.perf_counter() - start


def in_order(times):
    """Yields lists with that many variables in all: loops over lists cost little."""
    while times > 0:
        yield order if times >= ORDER else order[:times]
        times -= ORDER


def request(times):
    for _ in range(times):
        Context().run(handle)


def handle():
    for variable in variables:
        variable.set(1)
    for i in range(GETS):
        variables[i % len(variables)].get()


def run(times):
    context = Context()
    for _ in range(times):
        context.run(nothing)


def get(times):
    for part in in_order(times):
        for variable in part:
            variable.get()


def set_(times):
    for part in in_order(times):
        for i, variable in enumerate(part):
            variable.set(i)


def set_and_reset(times):
    for part in in_order(times):
        for i, variable in enumerate(part):
            variable.reset(variable.set(i))


def set_and_reset_unset(times):
    for i in range(times):
        unset.reset(unset.set(i))


def copy(times):
    for _ in range(times):
        copy_context()


def copy_enter_set(times):
    for part in in_order(times):
        for i, variable in enumerate(part):
            copy_context().run(variable.set, i)


def tasks(times):
    asyncio.run(batches(times))


async def batches(times):
    for i in range(0, times, BATCH):
        await asyncio.gather(*[asyncio.create_task(task(each, i)) for each in order[: min(BATCH, times - i)]])


async def task(variable, value):
    variable.set(value)
    await asyncio.sleep(0)
    return variable.get()


def nothing():
    pass


def copy_with_set(value):
    context = copy_context()
    context.run(variables[0].set, value)
    return context


def contexts():
    tracemalloc.start()
    alive = [copy_with_set(i) for i in range(number)]
    gc.collect()
    results["bytes"] = [(tracemalloc.get_traced_memory()[0] - sys.getsizeof(alive)) / number]
    tracemalloc.stop()
    measure("contexts", copies)


def copies(times):
    for i in range(times):
        copy_with_set(i)


def chain():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asyncio.run(links())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    results["bytes"] = [(after - before) * 1024 / number]
    measure("chain", chains, number)


def chains(times):
    for _ in range(times):
        asyncio.run(links())


async def links():
    end, left = asyncio.get_running_loop().create_future(), number
    running = set()  # asyncio itself refers to its tasks only weakly

    async def link():
        nonlocal left
        variables[0].set(1)
        await asyncio.sleep(0)
        left -= 1
        if left > 0:
            start()
        else:
            end.set_result(None)

    def start():
        task = asyncio.create_task(link())
        running.add(task)
        task.add_done_callback(running.discard)

    start()
    await end


def main():
    for i, variable in enumerate(variables):
        if what != "request":
            variable.set(i)
    if what == "operations":
        for name in sys.argv[3:] or OPERATIONS:
            measure(name, OPERATIONS[name])
    elif what == "request":
        measure("request", request)
    elif what == "contexts":
        contexts()
    else:
        chain()
    print(json.dumps({"rounds": results}))


OPERATIONS = {
    "run": run,
    "get": get,
    "set": set_,
    "set + reset": set_and_reset,
    "set + reset, unset before": set_and_reset_unset,
    "copy": copy,
    "copy + enter + set": copy_enter_set,
    "task": tasks,
}
Context().run(main)
