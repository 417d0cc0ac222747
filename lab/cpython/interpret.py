"""Runs programs over CPython's own contextvars and asyncio: the yardstick of interpret.ts.

Reads one program a line from stdin, as JSON, and writes one trace a line. program.ts says what a
program is; scheduler.ts says why tasks wait for turns. Python 3.11 is the oldest that can do it.
"""

import asyncio
import json
import sys
from contextvars import Context, ContextVar, copy_context
from types import SimpleNamespace

REASONS = (
    "a ContextVar key was expected",
    "has already been used once",
    "was created by a different ContextVar",
    "was created in a different Context",
    "is already entered",
)


class ProgramError(Exception):
    """What a program raises by itself."""


class Scheduler:
    def __init__(self, schedule):
        self.schedule = iter(schedule)
        self.tasks = []
        self.current = None
        self.over = asyncio.Future()

    def join(self):
        number = len(self.tasks)
        task = SimpleNamespace(number=number, turn=asyncio.Future(), waits_for=(), ended=False)
        self.tasks.append(task)
        return task

    async def wait(self, others=()):
        task = self.current
        task.turn = asyncio.Future()
        task.waits_for = others
        self.pass_on()
        await task.turn
        return all(other.ended for other in others)

    def leave(self, task):
        task.ended = True
        self.pass_on()

    def pass_on(self):
        playing = [task for task in self.tasks if not task.ended]
        able = [task for task in playing if all(other.ended for other in task.waits_for)]
        if not playing:
            self.over.set_result(None)
            return
        self.current = able[next(self.schedule, 0) % len(able)] if able else playing[0]
        self.current.turn.set_result(None)


class Interpreter:
    """Runs one program."""

    def __init__(self, program):
        self.trace = []
        self.scheduler = Scheduler(program["schedule"])
        variables = [ContextVar(it.pop("name"), **it) for it in program["variables"]]
        made = {"variable": variables, "token": [], "context": [], "task": [], "generator": []}
        made["other"] = made["context"]
        self.made = made
        self.number_of = number_of = variables.index
        self.waiting = {
            "body": self.do_all,
            "wait": self.scheduler.wait,
            "helper": self.do_all,
            "join": self.wait_for,
            "gather": self.gather,
            "next": lambda generator: advance(generator, generator.__anext__),
            "close": lambda generator: advance(generator, generator.aclose),
        }
        self.at_once = {
            "set": lambda variable, value: made["token"].append(variable.set(value)),
            "get": lambda variable, **given: variable.get(*given.values()),
            "reset": lambda token, variable=None: (variable or token.var).reset(token),
            "wrongToken": lambda variable: variable.reset(None),
            "showToken": lambda token: [number_of(token.var), token.old_value],
            "showName": lambda variable: variable.name,
            "copyContext": lambda: made["context"].append(copy_context()),
            "emptyContext": lambda: made["context"].append(Context()),
            "copy": lambda context: made["context"].append(context.copy()),
            "run": lambda context, blocks: context.run(self.do_all_at_once, blocks),
            "runBound": lambda context, blocks: context.copy().run(self.do_all_at_once, blocks),
            "runWith": self.run_with,
            "lookUp": lambda context, **given: context.get(*given.values()),
            "item": lambda context, variable: context[variable],
            "has": lambda context, variable: variable in context,
            "size": lambda context: len(context),
            "items": self.items,
            "equals": equal,
            "wrongKey": lambda context: "a name" in context,
            "task": lambda blocks: made["task"].append(self.start(blocks)),
            "taskIn": lambda context, blocks: made["task"].append(self.start(blocks, context)),
            "generator": lambda blocks: made["generator"].append(self.generate(blocks)),
        }

    def start(self, blocks, context=None):
        task = self.scheduler.join()
        task.result = asyncio.create_task(self.play(task, blocks), context=context)
        return task

    async def play(self, task, blocks):
        await task.turn
        try:
            await self.do_all([[{"kind": "body", "blocks": blocks}]])
        finally:
            self.scheduler.leave(task)
        return task.number

    async def do_all(self, blocks, waits=True):
        steps = [step for block in blocks for step in block]
        for step in steps:
            try:
                self.write(step, gave=await self.do(waits, **step))
            except Exception as error:
                self.write(step, raised=reason_of(error))
                raise
        return len(steps)

    def do_all_at_once(self, blocks):
        try:
            self.do_all(blocks, waits=False).send(None)
        except StopIteration as end:
            return end.value

    async def do(self, waits, kind, **operands):
        if kind == "raise":
            raise ProgramError()
        if kind == "catch":
            try:
                return await self.do_all(operands["blocks"], waits)
            except Exception as error:
                return f"caught {reason_of(error)}"
        for name, made in self.made.items():
            if name in operands:
                operands[name] = find(made, operands[name])
                if operands[name] is None:
                    return f"no {name}"
        if kind in self.at_once:
            return self.at_once[kind](**operands)
        return await self.waiting[kind](**operands) if waits else "cannot wait here"

    async def wait_for(self, task):
        return await task.result if await self.scheduler.wait([task]) else "deadlock"

    async def gather(self, blocks, settled):
        tasks = [self.scheduler.join() for _ in blocks]
        bodies = [self.play(task, [block]) for task, block in zip(tasks, blocks)]
        results = asyncio.gather(*bodies, return_exceptions=settled)
        if not await self.scheduler.wait(tasks):
            return "deadlock"
        return [reason_of(it) if isinstance(it, Exception) else it for it in await results]

    def run_with(self, variable, value, blocks):
        context = copy_context()
        context.run(variable.set, value)
        return context.run(self.do_all_at_once, blocks)

    def items(self, context):
        keys = sorted(map(self.number_of, context.keys()))
        values = sorted(map(json.dumps, context.values()))
        return [keys, values, sorted((self.number_of(key), it) for key, it in context.items())]

    async def generate(self, blocks):
        try:
            for block in blocks[:-1]:
                yield await self.do_all([block])
        finally:
            if not self.scheduler.over.done():  # asyncio closes at the end what JavaScript leaves
                self.do_all_at_once(blocks[-1:])

    def write(self, step, **outcome):
        shown = {name: operand for name, operand in step.items() if name != "blocks"}
        self.trace.append({"by": self.scheduler.current.number, **shown, **outcome})


def find(made, number):
    if number is None:
        return copy_context()
    return made[-1 - number % len(made)] if made else None


async def advance(generator, part):
    if generator.ag_running:
        return "busy"
    try:
        value = await part()
    except StopAsyncIteration:
        value = None
    return "end" if value is None else value


def equal(context, other):
    """Python's ==, but with 1 and True as two values, as they are in JavaScript."""
    return context == other and all(type(context[key]) is type(other[key]) for key in context)


def reason_of(error):
    reason = next((text for text in REASONS if text in str(error)), "")
    return f"{type(error).__name__} {reason}".strip()


async def trace_of(program):
    # Else it complains of an error that nobody awaits.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    interpreter = Interpreter(program)
    interpreter.start([program["block"]])
    interpreter.scheduler.pass_on()
    await interpreter.scheduler.over
    return interpreter.trace


if __name__ == "__main__":
    for line in sys.stdin:
        trace = asyncio.run(trace_of(json.loads(line)))
        print(json.dumps(trace, default=repr), flush=True)  # Token.MISSING is no JSON
