"""The simulation: the real program in a made-up world, all of which follows from one seed.

Time, mail servers, companies and crashes are made up here; operations and tables are the real
ones. What must never happen is watched from outside (reliability.md, “The simulation”).
"""
