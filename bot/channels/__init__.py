"""The channels: each turns what people write into `Incoming` and shows them their lines.

A channel knows how its messages travel and look. It never knows an order, a price or a dialogue.
"""
