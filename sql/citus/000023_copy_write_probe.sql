-- On every node: the database takes writes where all of its nodes do.
select create_reference_table('write_probe');
