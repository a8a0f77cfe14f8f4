"""The one exception: the tool could not do its work. What is wrong with a user's file is a Finding instead."""


class Failure(Exception):
    """A failure to be told in one line, which says what to do about it.

    `status` is the exit status: 2 for flags, paths and the project file, 3 for I/O and tools that are absent or hang.
    `no_answer` says that a program which was asked died or hung: nothing may be concluded from that, not even a "no".
    """

    def __init__(self, message: str, status: int = 2, *, no_answer: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.no_answer = no_answer
