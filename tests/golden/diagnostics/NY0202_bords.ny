import std.bords.pc  #~ NY0202@8 there is no module `std.bords.pc`  #~ help did you mean `std.boards.pc`?
