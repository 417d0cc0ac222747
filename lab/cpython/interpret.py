"""Runs programs over CPython's own contextvars and asyncio: the yardstick of interpret.ts.

Reads one program a line from stdin, as JSON, and writes one trace a line. program.ts says what a
program is; scheduler.ts says why tasks wait for turns. The standard library of Python 3.8 is enough.
"""

import asyncio
import contextvars
import json
import sys
from itertools import chain

REASONS = (
    "a ContextVar key was expected",
    "has already been used once",
    "was created by a different ContextVar",
    "was created in a different Context",
    "is already entered",
)

WAITING = ("wait", "helper", "join", "gather", "next", "close")


def equal(context, other):
    """Python's ==, but with 1 and True as two values, as they are in JavaScript."""
    return context == other and all(type(context[key]) is type(other[key]) for key in context)


class ProgramError(Exception):
    """What a program raises by itself."""


class Participant:
    """A task, as the driver knows it."""

    def __init__(self, number):
        self.number = number
        self.waits_for = ()
        self.turn = new_future()
        self.ended = False


class Scheduler:
    """Hands the turn around."""

    def __init__(self, schedule):
        self.schedule = iter(schedule)
        self.participants = []
        self.handed_back = None
        self.current = None

    def join(self):
        participant = Participant(len(self.participants))
        self.participants.append(participant)
        return participant

    async def wait(self, others=()):
        participant = self.current
        participant.waits_for = others
        participant.turn = new_future()
        self.handed_back.set_result(None)
        await participant.turn
        return all(other.ended for other in others)

    def leave(self, participant):
        participant.ended = True
        self.handed_back.set_result(None)

    async def drive(self):
        while (participant := self.next()) is not None:
            self.current = participant
            self.handed_back = new_future()
            participant.turn.set_result(None)
            await self.handed_back

    def next(self):
        playing = [participant for participant in self.participants if not participant.ended]
        able = [participant for participant in playing if all(other.ended for other in participant.waits_for)]
        if not able:
            return playing[0] if playing else None
        return able[next(self.schedule, 0) % len(able)]


class Interpreter:
    """Runs one program."""

    def __init__(self, program):
        self.trace = []
        self.scheduler = Scheduler(program["schedule"])
        self.variables = [make_variable(**options) for options in program["variables"]]
        self.tokens = {}
        self.contexts = {}
        self.tasks = {}
        self.generators = {}
        self.over = False

    async def run(self, block):
        self.start([block])
        await self.scheduler.drive()
        self.over = True

    def start(self, blocks, create=asyncio.create_task):
        participant = self.scheduler.join()
        task = create(self.play(participant, blocks))
        task.add_done_callback(ask)
        return participant, task

    async def play(self, participant, blocks):
        await participant.turn
        try:
            await self.do_all(blocks)
            self.write("ended")
        except Exception as error:
            self.write(f"ended by {reason_of(error)}")
            raise
        finally:
            self.scheduler.leave(participant)
        return participant.number

    async def do_all(self, blocks, waits=True):
        steps = list(chain(*blocks))
        for step in steps:
            try:
                self.write(f"{label(step)}: {show(await self.do(waits, **step))}")
            except Exception as error:
                self.write(f"{label(step)}: raised {reason_of(error)}")
                raise
        return len(steps)

    def do_all_at_once(self, blocks):
        try:
            self.do_all(blocks, waits=False).send(None)
        except StopIteration as end:
            return end.value

    async def do(self, waits, kind, **given):
        if kind == "catch":
            try:
                return await self.do_all(given["blocks"], waits)
            except Exception as error:
                return f"caught {reason_of(error)}"
        if "variable" in given:
            given["variable"] = self.variables[given["variable"] % len(self.variables)]
        if "context" in given:
            register = given["context"]
            context = contextvars.copy_context() if register is None else self.contexts.get(register)
            if context is None:
                return "no context"
            given["context"] = context
        if kind not in WAITING:
            return getattr(self, f"do_{kind}")(**given)
        return await getattr(self, f"do_{kind}")(**given) if waits else "cannot wait here"

    async def do_wait(self):
        return await self.scheduler.wait()

    async def do_helper(self, blocks):
        return await self.do_all(blocks)

    async def do_join(self, task):
        if task not in self.tasks:
            return "no task"
        participant, task = self.tasks[task]
        return await task if await self.scheduler.wait([participant]) else "deadlock"

    async def do_gather(self, blocks, settled):
        participants = [self.scheduler.join() for _ in blocks]
        bodies = [self.play(participant, [block]) for participant, block in zip(participants, blocks)]
        results = asyncio.gather(*bodies, return_exceptions=settled)
        results.add_done_callback(ask)
        if not await self.scheduler.wait(participants):
            return "deadlock"
        return [reason_of(it) if isinstance(it, Exception) else it for it in await results]

    async def do_next(self, generator):
        return await self.advance(generator, lambda parts: parts.__anext__())

    async def do_close(self, generator):
        return await self.advance(generator, lambda parts: parts.aclose())

    async def advance(self, register, call):
        generator = self.generators.get(register)
        if generator is None or generator["busy"]:
            return "no generator"
        generator["busy"] = True
        try:
            value = await call(generator["parts"])
            return "end" if value is None else value
        except StopAsyncIteration:
            return "end"
        finally:
            generator["busy"] = False

    def do_set(self, variable, value, token):
        self.tokens[token] = variable.set(value)

    def do_get(self, variable, **fallback):
        return variable.get(*fallback.values())

    def do_reset(self, variable, token):
        variable.reset(self.tokens.get(token))

    def do_showToken(self, token):
        if token not in self.tokens:
            return "no token"
        token = self.tokens[token]
        old_value = "MISSING" if token.old_value is token.MISSING else token.old_value
        return [old_value, self.variables.index(token.var)]

    def do_showName(self, variable):
        return variable.name

    def do_copyContext(self, other):
        self.contexts[other] = contextvars.copy_context()

    def do_emptyContext(self, other):
        self.contexts[other] = contextvars.Context()

    def do_copy(self, context, other):
        self.contexts[other] = context.copy()

    def do_run(self, context, blocks):
        return context.run(self.do_all_at_once, blocks)

    def do_runBound(self, context, blocks):
        return context.copy().run(self.do_all_at_once, blocks)

    def do_runWith(self, variable, value, blocks):
        context = contextvars.copy_context()
        context.run(variable.set, value)
        return context.run(self.do_all_at_once, blocks)

    def do_lookUp(self, context, variable, **fallback):
        return context.get(variable, *fallback.values())

    def do_item(self, context, variable):
        return context[variable]

    def do_has(self, context, variable):
        return variable in context

    def do_size(self, context):
        return len(context)

    def do_items(self, context):
        number_of = self.variables.index
        items = sorted((number_of(key), value) for key, value in context.items())
        return [sorted(map(number_of, context.keys())), sorted(map(show, context.values())), items]

    def do_equals(self, context, other):
        return equal(context, self.contexts.get(other, contextvars.Context()))

    def do_wrongKey(self, context):
        return "a name" in context

    def do_task(self, task, blocks):
        self.tasks[task] = self.start(blocks)

    def do_taskIn(self, task, context, blocks):
        self.tasks[task] = self.start(blocks, lambda body: create_task_in(context, body))

    def do_generator(self, generator, blocks):
        self.generators[generator] = {"parts": self.generate(blocks), "busy": False}

    async def generate(self, blocks):
        try:
            for block in blocks[:-1]:
                yield await self.do_all([block])
        finally:
            if not self.over:  # asyncio closes at the end what JavaScript leaves as it is
                self.do_all_at_once(blocks[-1:])

    def do_raise(self):
        raise ProgramError()

    def write(self, text):
        self.trace.append(f"{self.scheduler.current.number} {text}")


def new_future():
    return asyncio.get_running_loop().create_future()


def ask(future):
    """Reads a future's exception: asyncio complains of those that nobody has read."""
    future.exception()


def make_variable(name, **options):
    return contextvars.ContextVar(name, **options)


def create_task_in(context, body):
    if sys.version_info >= (3, 11):
        return asyncio.create_task(body, context=context)
    # Only the first step is in a copy of the current context then, and all it does is wait.
    task = asyncio.tasks._PyTask(body, loop=asyncio.get_running_loop())
    task._context = context
    return task


def label(step):
    operands = [
        f"{key}={show(value)}"
        for key, value in step.items()
        if key != "kind" and not isinstance(value, list)
    ]
    return " ".join([step["kind"], *operands])


def show(value):
    return json.dumps(value, separators=(",", ":"))


def reason_of(error):
    name = type(error).__name__
    reason = next((text for text in REASONS if text in str(error)), None)
    return name if reason is None else f"{name}: {reason}"


async def trace_of(program):
    interpreter = Interpreter(program)
    await interpreter.run(program["block"])
    return json.dumps(interpreter.trace)


def main():
    for line in sys.stdin:
        print(asyncio.run(trace_of(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
