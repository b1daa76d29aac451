"""The local runner: brings the whole platform up on one machine, from packages alone.

Read in this order, each file has one job:

    bootstrap.py     .venv from the hash-pinned lock
    __main__.py      run, stop, reset
    platform.py      what is started after what; keeper.py starts again what crashed
    instance.py      directory, lock and disk of one installation; ports.py, secret_files.py, authority.py
    postgres.py  nats.py  keycloak.py (fetch.py gets it)  service.py    how each part starts
    process.py       one child process; sweep.py finds what a killed run left behind
    description.py   platform.json
    demo.py          the invented town, made through the front door (people.py, code_flow.py, caller.py)
    servers.py       PostgreSQL and NATS alone, for tests of single parts
"""
