-- What was expected and closed lost the day on which it was, and so counted as goods that came in
-- and were lost.
UPDATE movement SET why = 'closed'
WHERE why = 'expected' AND quantity < 0
  AND EXISTS (SELECT 1 FROM lot WHERE id = lot_id AND expected_on = '' AND on_hand = 0)
  AND NOT EXISTS (SELECT 1 FROM movement AS later
                  WHERE later.lot_id = movement.lot_id AND later.id > movement.id);
UPDATE lot SET expected_on = (
    SELECT date(max(at) / 1000, 'unixepoch') FROM movement WHERE lot_id = lot.id)
WHERE expected_on = '' AND on_hand = 0
  AND EXISTS (SELECT 1 FROM movement WHERE lot_id = lot.id AND why = 'closed');
