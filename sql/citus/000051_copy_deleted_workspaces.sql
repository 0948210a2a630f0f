select create_reference_table('deleted_workspace');
