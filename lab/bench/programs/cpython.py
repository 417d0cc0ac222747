"""Measures CPython's contextvars as main.ts measures the others.

    cpython.py request|operations|contexts|chain NUMBER [OPERATION ...]
"""

import asyncio
import gc
import json
import random
import resource
import sys
import tracemalloc
from contextvars import Context, ContextVar, copy_context
from timeit import Timer

SECONDS = 0.025
ROUNDS = 5
LIMIT = 1
GETS = 20
BATCH = 100
ORDER = 2**14
FEW = 10

# Each goes once through the order of the variables.
OPERATIONS = {
    "run": "for _ in order: empty.run(nothing)",
    "get": "for variable in order: variable.get()",
    "set": "for i, variable in enumerate(order): variable.set(i)",
    "set + reset": "for i, variable in enumerate(order): variable.reset(variable.set(i))",
    "set + reset, unset before": "for i in range(ORDER): unset.reset(unset.set(i))",
    "copy": "for _ in order: copy_context()",
    "copy + enter + set": "for i, variable in enumerate(order): copy_context().run(variable.set, i)",
    "task": "asyncio.run(tasks())",
}

question, number, *wanted = sys.argv[1:]
number = int(number)
length = number if question in ("request", "operations") else FEW
variables = [ContextVar(f"variable{i}") for i in range(length)]
order = (random.Random(1).sample(variables, length) * (ORDER // length + 1))[:ORDER]
unset = ContextVar("unset")
empty = Context()
results = {}


def measure(name, statement, of=1):
    timer = Timer(statement, "gc.enable()", globals=globals())
    times = 1
    while (taken := timer.timeit(times)) < SECONDS:
        times *= 2
    rounds = timer.repeat(ROUNDS if taken < LIMIT / ROUNDS else 1, times)
    results[name] = [taken * 1e9 / times / of for taken in rounds]


def request():
    measure("request", "Context().run(handle)")


def handle():
    for variable in variables:
        variable.set(1)
    for i in range(GETS):
        variables[i % length].get()


def operations():
    for name in wanted or OPERATIONS:
        measure(name, OPERATIONS[name], ORDER)


def nothing():
    pass


async def tasks():
    for i in range(0, ORDER, BATCH):
        await asyncio.gather(*[asyncio.create_task(task(each, i)) for each in order[i : i + BATCH]])


async def task(variable, value):
    variable.set(value)
    await asyncio.sleep(0)
    return variable.get()


def contexts():
    tracemalloc.start()
    alive = [copy_with_set(i) for i in range(number)]
    gc.collect()
    results["bytes"] = [(tracemalloc.get_traced_memory()[0] - sys.getsizeof(alive)) / number]
    tracemalloc.stop()
    measure("contexts", "copy_with_set(1)")


def copy_with_set(value):
    context = copy_context()
    context.run(variables[0].set, value)
    return context


def chain():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asyncio.run(links())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    results["bytes"] = [(after - before) * 1024 / number]
    measure("chain", "asyncio.run(links())", number)


async def links():
    end = asyncio.get_running_loop().create_future()

    async def link(left):
        variables[0].set(1)
        await asyncio.sleep(0)
        if left > 1:
            asyncio.create_task(link(left - 1))  # the loop's queue keeps it
        else:
            end.set_result(None)

    asyncio.create_task(link(number))
    await end


def main():
    if question != "request":
        for i, variable in enumerate(variables):
            variable.set(i)
    globals()[question]()
    print(json.dumps({"rounds": results}))


Context().run(main)
