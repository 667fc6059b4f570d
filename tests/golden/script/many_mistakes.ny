# All that can be known before running is said at once, and nothing runs.
print("never")
print(pritn)             #! NY0201
let a = 1
a = 2                    #! NY0205
fn f(x) { return y }     #! NY0201
f(1, 2)                  #! NY0206
let b: int = "text"      #! NY0209
continue                 #! NY0108
import no_such_module    #! NY0202
