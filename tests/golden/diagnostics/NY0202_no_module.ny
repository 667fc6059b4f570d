import std.boards.pcc  #~ NY0202@8 there is no module `std.boards.pcc`  #~ help did you mean `std.boards.pc`?
