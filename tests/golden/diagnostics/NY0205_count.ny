const COUNT = 2  #~ label@7 declared here
COUNT = 3  #~ NY0205@1 `COUNT` is a constant
