class if { }  #~ NY0106@7 `if` is a keyword and cannot be a name here
