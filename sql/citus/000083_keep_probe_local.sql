-- Of the coordinator alone: with a worker away its workspaces wait, and those of the others go on, so that the server is ready.
select undistribute_table('write_probe');
