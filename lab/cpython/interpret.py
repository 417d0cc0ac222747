"""Runs programs over CPython's own contextvars and asyncio: the yardstick of interpret.ts.

Reads one program a line from stdin, as JSON, and writes one trace a line. program.ts says what a
program is; scheduler.ts says why tasks wait for turns. The standard library of Python 3.8 is enough.
"""

import asyncio
import contextvars
import json
import sys

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
        self.start(block, asyncio.create_task)
        await self.scheduler.drive()
        self.over = True

    def start(self, block, create):
        participant = self.scheduler.join()
        task = create(self.play(participant, block))
        task.add_done_callback(ask)
        return participant, task

    async def play(self, participant, block):
        await participant.turn
        try:
            await self.do_all(block)
            self.write("ended")
        except Exception as error:
            self.write(f"ended by {reason_of(error)}")
            raise
        finally:
            self.scheduler.leave(participant)
        return participant.number

    async def do_all(self, block):
        for step in block:
            try:
                outcome = await self.do_waiting(step)
                self.write(f"{label(step)}: {outcome}")
            except Exception as error:
                self.write(f"{label(step)}: raised {reason_of(error)}")
                raise
        return len(block)

    def do_all_at_once(self, block):
        for step in block:
            try:
                self.write(f"{label(step)}: {self.do_at_once(step)}")
            except Exception as error:
                self.write(f"{label(step)}: raised {reason_of(error)}")
                raise
        return len(block)

    async def do_waiting(self, step):
        kind = step["kind"]
        if kind == "wait":
            return show(await self.scheduler.wait())
        if kind == "helper":
            return show(await self.do_all(step["block"]))
        if kind == "join":
            return await self.join(step["task"])
        if kind == "gather":
            return await self.gather(step["blocks"], step["settled"])
        if kind == "next":
            return await self.advance(step["generator"], lambda parts: parts.__anext__())
        if kind == "close":
            return await self.advance(step["generator"], lambda parts: parts.aclose())
        if kind == "catch":
            try:
                return show(await self.do_all(step["block"]))
            except Exception as error:
                return f"caught {reason_of(error)}"
        return self.do_at_once(step)

    def do_at_once(self, step):
        kind = step["kind"]
        if kind in WAITING:
            return "cannot wait here"
        variable = self.variables[step.get("variable", 0) % len(self.variables)]
        if kind == "set":
            self.tokens[step["token"]] = variable.set(step["value"])
            return "set"
        if kind == "get":
            return show(variable.get(step["fallback"]) if "fallback" in step else variable.get())
        if kind == "reset":
            variable.reset(self.tokens.get(step["token"]))
            return "reset"
        if kind == "showToken":
            return self.show_token(self.tokens.get(step["token"]))
        if kind == "showName":
            return show(variable.name)
        if kind == "copyContext":
            self.contexts[step["context"]] = contextvars.copy_context()
            return "made"
        if kind == "newContext":
            self.contexts[step["context"]] = contextvars.Context()
            return "made"
        if kind == "runWith":
            context = contextvars.copy_context()
            context.run(variable.set, step["value"])
            return show(context.run(self.do_all_at_once, step["block"]))
        if kind == "task":
            self.tasks[step["task"]] = self.start(step["block"], asyncio.create_task)
            return "started"
        if kind == "raise":
            raise ProgramError()
        if kind == "catch":
            try:
                return show(self.do_all_at_once(step["block"]))
            except Exception as error:
                return f"caught {reason_of(error)}"
        if kind == "generator":
            parts = self.generate(step["blocks"], step["last"])
            self.generators[step["generator"]] = {"parts": parts, "busy": False}
            return "made"
        register = step["of"] if "of" in step else step["context"]
        context = contextvars.copy_context() if register is None else self.contexts.get(register)
        return self.do_with_context(step, variable, context)

    def do_with_context(self, step, variable, context):
        kind = step["kind"]
        if context is None:
            return "no context"
        if kind == "copy":
            self.contexts[step["context"]] = context.copy()
            return "made"
        if kind == "run":
            return show(context.run(self.do_all_at_once, step["block"]))
        if kind == "runBound":
            return show(context.copy().run(self.do_all_at_once, step["block"]))
        if kind == "taskIn":
            self.tasks[step["task"]] = self.start(
                step["block"], lambda body: create_task_in(context, body)
            )
            return "started"
        if kind == "lookUp":
            return show(
                context.get(variable, step["fallback"])
                if "fallback" in step
                else context.get(variable)
            )
        if kind == "item":
            return show(context[variable])
        if kind == "has":
            return show(variable in context)
        if kind == "size":
            return show(len(context))
        if kind == "items":
            return self.show_items(context)
        if kind == "equals":
            return show(equal(context, self.contexts.get(step["other"], contextvars.Context())))
        if kind == "wrongKey":
            return show("a name" in context)
        raise NotImplementedError(f"unknown step {kind}")

    async def join(self, register):
        if register not in self.tasks:
            return "no task"
        participant, task = self.tasks[register]
        return show(await task) if await self.scheduler.wait([participant]) else "deadlock"

    async def gather(self, blocks, settled):
        participants = [self.scheduler.join() for _ in blocks]
        bodies = [self.play(participant, block) for participant, block in zip(participants, blocks)]
        results = asyncio.gather(*bodies, return_exceptions=settled)
        results.add_done_callback(ask)
        if not await self.scheduler.wait(participants):
            return "deadlock"
        return ", ".join(show_result(result) for result in await results)

    async def generate(self, blocks, last):
        try:
            for block in blocks:
                yield await self.do_all(block)
        finally:
            if not self.over:  # asyncio closes at the end what JavaScript leaves as it is
                self.do_all_at_once(last)

    async def advance(self, register, call):
        generator = self.generators.get(register)
        if generator is None or generator["busy"]:
            return "no generator"
        generator["busy"] = True
        try:
            value = await call(generator["parts"])
            return "end" if value is None else show(value)
        except StopAsyncIteration:
            return "end"
        finally:
            generator["busy"] = False

    def show_token(self, token):
        if token is None:
            return "no token"
        shown = "MISSING" if token.old_value is token.MISSING else show(token.old_value)
        return f"{shown} of {self.variables.index(token.var)}"

    def show_items(self, context):
        ordered = sorted(map(self.variables.index, context.keys()))
        values = sorted(map(show, context.values()))
        items = sorted((self.variables.index(key), value) for key, value in context.items())
        return f"{show(ordered)} {','.join(values)} {','.join(map(show, items))}"

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


def show_result(result):
    return reason_of(result) if isinstance(result, Exception) else show(result)


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
