"""Deterministic worlds. ``make_world(name, seed, candidates)`` gives a world; its ``network`` is LinkedIn's side."""

from landbridge.sandbox.worlds.making import WORLDS, make_world
from landbridge.sandbox.worlds.network import Contract, Member, Network, Person, Seat
from landbridge.sandbox.worlds.world import World

__all__ = ["WORLDS", "Contract", "Member", "Network", "Person", "Seat", "World", "make_world"]
