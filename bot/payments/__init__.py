"""The conversation with payment services, a file each, and nothing else.

A service is a function that does what a Request asks for and returns what came of it, and routes
for what it tells unasked. Transfers and paying on delivery need none; Telegram's own form of
payment is a part of that channel.
"""
