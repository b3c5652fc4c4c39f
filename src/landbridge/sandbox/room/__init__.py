"""The control room as pages at ``/_sandbox/`` of both ports: all that can be seen and done, also without a script.

rooms      addresses of the pages and their files      actions   what the forms do
view       what the pages show                         templates/, room.css, room.js
"""
