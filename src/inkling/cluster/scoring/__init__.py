"""Scoring of archives: every image of any number of files gets an answer, in parts that a later call goes on from."""
