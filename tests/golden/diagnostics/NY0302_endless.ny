while true { }  #~ NY0302@1 the script did not end within 200000000 steps  #~ help the build stage is bounded; look for a loop or a recursion that does not end
