-- By which way a person paid a household last. Besides the cash of each way to pay there are
-- cash:notes and cash:wechat, from which households are paid.
CREATE INDEX entry_household ON entry (person_id, id) WHERE what = 'household';
