package simengine

import "strings"

// words is what the engine says. Each is one token with its space, whatever
// stands before it, and needs no escaping in JSON.
var words = func() []string {
	list := strings.Fields(`
		the of and to in that is was for on are with as at be this have from or
		one had by word but not what all were we when your can said there use an
		each which she do how their if will up other about out many then them
		these so some her would make like him into time has look two more write
		go see number no way could people my than first water been call who oil
		its now find long down day did get come made may part over new sound`)
	for i := range list {
		list[i] = " " + list[i]
	}
	return list
}()

// speech is the endless text that follows a prompt. It depends on the prompt
// alone, as with a model at temperature 0.
type speech struct {
	state uint64
}

// next returns the next token of the text.
func (s *speech) next() string {
	// splitmix64: nothing but an addition carries over from word to word.
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return words[(z^z>>31)%uint64(len(words))]
}
