let port: u16 = 70000  #~ NY0209@17 `port` is u16, and 70000 does not fit
