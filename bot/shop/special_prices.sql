-- name: give(person_id, product, grade, minor, until)!
INSERT INTO special_price (person_id, product, grade, minor, until)
VALUES (:person_id, :product, :grade, :minor, :until)
ON CONFLICT DO UPDATE SET minor = excluded.minor, until = excluded.until;

-- name: of_person(person_id, now)
SELECT product, grade, minor FROM special_price WHERE person_id = :person_id AND until > :now;

-- name: over(person_id, now)
SELECT product, grade FROM special_price WHERE person_id = :person_id AND until <= :now;

-- name: forget(person_id, product, grade)!
DELETE FROM special_price
WHERE person_id = :person_id AND product = :product AND grade = :grade;
