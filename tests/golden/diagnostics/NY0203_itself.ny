import NY0203_itself  #~ NY0203@8 modules import each other in a circle
