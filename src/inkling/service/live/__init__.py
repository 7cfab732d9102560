"""Live training: a run that the page starts, watches and steers, or one that another process trains.

The run is trained by a process of its own (`trainer.py`), which tells what happens; the events are kept in a journal
(`journal.py`), from which every page is sent those that it has not seen (`stream.py`).
"""
