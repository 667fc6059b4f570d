const COUNT = 2  #~ label@7 declared as a constant here
COUNT = 3  #~ NY0205@1 `COUNT` cannot be assigned again
