"""The conversation with couriers and those who follow parcels, a file each, and nothing else.

A service is a function that does what a Request asks for and returns what came of it, and a route
for what it tells unasked. A courier that none of them knows is followed by hand, as the seller and
the buyer say.
"""
