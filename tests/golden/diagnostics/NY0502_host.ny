host rack {
    memory = "64 GiB"  #~ NY0502@14 `memory` takes a size, such as 512 MiB  #~ help numbers and quantities are written without quotes
}
