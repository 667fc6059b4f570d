import NY0203_import_itself  #~ NY0203@8 these modules import each other in a circle  #~ help move what both need into a third module
