"""Runs a command on a pseudo-terminal. What comes in is typed; at its end the terminal is closed, as a window is."""

import os
import pty
import select
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    if 0 in ready:
        typed = os.read(0, 1024)
        if not typed:
            break
        os.write(terminal, typed)
    if terminal in ready:
        try:
            os.write(1, os.read(terminal, 65536))
        except OSError:  # EIO: the command has ended.
            break
os.close(terminal)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
