# Fields, init, methods with and without self, bare field names, inheritance, super.
class Animal {
    name = "?"
    sound: string = "..."
    fn init(self, name) { self.name = name }
    fn speak(self) { return "${self.name} says ${self.sound}" }
    fn rename(new_name) { name = new_name; return this }
    fn shout() { return speak().upper() }
}
class Dog extends Animal {
    tricks = []
    fn init(self, name, sound = "Woof") {
        super.init(name)
        self.sound = sound
    }
    fn learn(trick) { tricks.push(trick); return self }
    fn speak(self) { return super.speak() + "!" }
}
d = Dog("Rex")
print(d.speak())                        #> Rex says Woof!
print(d.rename("Max").shout())          #> MAX SAYS WOOF!
d.learn("sit").learn("roll")
print(d.tricks, Dog("Pup").tricks)      #> ["sit", "roll"] []
print(type(d), Animal("Cat").speak())   #> Dog Cat says ...
class Point { x = 0; y: int = 0 }
p = Point(y: 4)
p.x += 3
print(p.x, p.y, Point(1, 2).x)          #> 3 4 1
class Counter {
    fn init() { self.n = 0 }
    fn bump() { n += 1; return n }
    fn later() { return fn() { return self.n * 10 } }
}
k = Counter()
k.bump(); k.bump()
print(k.n, k.later()(), k.bump)         #> 2 20 <method>
m = k.bump
print(m(), Animal.speak(d))             #> 3 Max says Woof
class Empty { }
print(type(Empty()))                    #> Empty
class Base { fn hook() { return "base" }; fn run() { return hook() } }
class Derived : Base { fn hook() { return "derived" } }
print(Derived().run())                  #> derived
match d { Animal => print("an animal"); _ => print("no") }   #> an animal
module Geometry {
    const PI = 3
    fn area(r) { return PI * r * r }
    module Inner { deep = 7 }
}
print(Geometry.area(2), Geometry.PI, Geometry.Inner.deep)    #> 12 3 7
module shapes { class Shape { fn area() { return 0 } }; module more { class Thing { fn what() { return "thing" } } } }
class Square extends shapes.Shape { side = 2; fn area() { return super.area() + side * side } }
class Sub : shapes.more.Thing { fn here() { return what() } }
print(Square().area(), Sub().here())                             #> 4 thing
class Hook { on: fn(int)? = null; fn init() { } }
print(Hook().on)                                                   #> null
