fn show() { print(self.name) }  #~ NY0208@19 `self` is only known in methods
