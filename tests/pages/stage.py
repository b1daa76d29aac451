"""`python -m tests.pages.stage`: the whole platform with its demo, on free ports, for whoever works on pages.

Prints where it is; SIGUSR1 starts the portal anew with the present code; Ctrl-C ends and removes it all.
"""

import asyncio
import os
import signal

from deploy.local.accounts import accounts
from deploy.local.demo import seed
from tests.instances import running_platform


async def main() -> None:
    """Start, then start the portal anew as often as asked."""
    asked, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, asked.set)
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, ended.set)
    async with running_platform() as platform:
        await seed(platform)
        print(*accounts(platform.instance, passwords=True), sep="\n")
        print(f"root {platform.instance.root}\nportal {platform.instance.portal_url}\npid {os.getpid()}", flush=True)
        while not ended.is_set():
            waiting = [asyncio.create_task(question.wait()) for question in (asked, ended)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            if asked.is_set() and not ended.is_set():
                asked.clear()
                await platform.restart("portal")
                print("the portal runs anew", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
