import NY0203_itself  #~ NY0203@8 these modules import each other in a circle  #~ help move what both need into a third module
