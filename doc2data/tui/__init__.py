"""The terminal app: the same core as the command line, with a person at the keys.

    app.py       the application: places, palette, the open project, leaving
    archive.py   the project's database, read and written in threads of its own
    runner.py    the one run, in a thread of its own; ledger.py counts what it tells
    place.py     what the seven screens share
    screens/     one file and one style sheet for each
    widgets/     what screens are made of

Screens show and ask; whatever they decide or find out is done by the core. Nothing here waits on a disk or a model
in the thread that draws.
"""
