let ports = {"http": 80, "https": 443, "http": 8080}  #~ NY0317@40 the key "http" stands twice in this map  #~ label@14 first here
