# What has a mistake is of unknown type, and silent.
let broken = 5 +                                            #: broken: unknown
let fine = 1                                                #: fine: int
let unknown = not_there + 1                                 #: unknown: unknown
let never = "a" * {}                                        #: never: unknown
let gone = "text".nothing                                   #: gone: unknown
let further = gone.more.and_more + 1                        #: further: unknown
