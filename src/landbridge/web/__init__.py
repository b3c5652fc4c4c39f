"""The console: pages for people who are signed in, and two addresses that tell machines whether it is well.

A page is a folder with its handlers, its frozen context and its template.
"""
