import { childOf, childrenOf, elementsOf, textOf, valOf, type XmlElement } from './xml.ts'

/** Equations of Office (OMML, ECMA-376-1, 22.1) as LaTeX, as Azure gives formulas too. */

const OPERATORS: Record<string, string> = {
  '∑': '\\sum',
  '∏': '\\prod',
  '∐': '\\coprod',
  '∫': '\\int',
  '∬': '\\iint',
  '∭': '\\iiint',
  '∮': '\\oint',
  '∯': '\\oiint',
  '∰': '\\oiiint',
  '⋃': '\\bigcup',
  '⋂': '\\bigcap',
  '⋀': '\\bigwedge',
  '⋁': '\\bigvee',
}

const SYMBOLS: Record<string, string> = {
  '×': '\\times',
  '÷': '\\div',
  '·': '\\cdot',
  '⋅': '\\cdot',
  '±': '\\pm',
  '∞': '\\infty',
  '≤': '\\leq',
  '≥': '\\geq',
  '≠': '\\neq',
  '≈': '\\approx',
  '∩': '\\cap',
  '∪': '\\cup',
  '∈': '\\in',
  '→': '\\to',
  '…': '\\ldots',
  '∂': '\\partial',
  '∇': '\\nabla',
  ...Object.fromEntries(
    Object.entries({
      alpha: 'α',
      beta: 'β',
      gamma: 'γ',
      delta: 'δ',
      epsilon: 'ϵε',
      zeta: 'ζ',
      eta: 'η',
      theta: 'θ',
      iota: 'ι',
      kappa: 'κ',
      lambda: 'λ',
      mu: 'μ',
      nu: 'ν',
      xi: 'ξ',
      pi: 'π',
      rho: 'ρ',
      sigma: 'σ',
      tau: 'τ',
      phi: 'ϕφ',
      chi: 'χ',
      psi: 'ψ',
      omega: 'ω',
      Gamma: 'Γ',
      Delta: 'Δ',
      Theta: 'Θ',
      Lambda: 'Λ',
      Xi: 'Ξ',
      Pi: 'Π',
      Sigma: 'Σ',
      Phi: 'Φ',
      Psi: 'Ψ',
      Omega: 'Ω',
    }).flatMap(([name, letters]) => [...letters].map((letter) => [letter, `\\${name}`])),
  ),
}

const FUNCTIONS = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp lim max min sup inf det gcd'.split(' '),
)

const ACCENTS: Record<string, string> = {
  '\u0302': 'hat',
  '\u0303': 'tilde',
  '\u0304': 'bar',
  '\u0305': 'overline',
  '\u20d7': 'vec',
  '\u0307': 'dot',
  '\u0308': 'ddot',
}

/** Italic letters of equations are the letters they show. */
const runText = (text: string): string =>
  [...text.normalize('NFKC')].map((character) => (SYMBOLS[character] ? ` ${SYMBOLS[character]} ` : character)).join('')

const inside = (element: XmlElement | undefined): string => elementsOf(element).map(mathText).join('')

const functionName = (element: XmlElement | undefined): string => {
  const name = inside(element)
  return name.replace(/^[a-z]+/i, (word) => (FUNCTIONS.has(word) ? `\\${word}` : word))
}

const delimited = (element: XmlElement): string => {
  const properties = childOf(element, 'dPr')
  const [begin, end] = [valOf(properties, 'begChr') ?? '(', valOf(properties, 'endChr') ?? ')']
  const escaped = (character: string) => (character === '{' || character === '}' ? `\\${character}` : character || '.')
  const between = valOf(properties, 'sepChr') ?? '|'
  return `\\left${escaped(begin)}${childrenOf(element, 'e').map(inside).join(between)}\\right${escaped(end)}`
}

const operator = (element: XmlElement): string => {
  const character = valOf(element, 'naryPr', 'chr') ?? '∫'
  const [below, above] = [inside(childOf(element, 'sub')), inside(childOf(element, 'sup'))]
  return `${OPERATORS[character] ?? character}_{${below}}^{${above}}${inside(childOf(element, 'e'))}`
}

const grouped = (element: XmlElement): string => {
  const name = valOf(element, 'groupChrPr', 'pos') === 'top' ? 'overbrace' : 'underbrace'
  return `\\${name}{${inside(childOf(element, 'e'))}}`
}

const part = (element: XmlElement, name: string): string => inside(childOf(element, name))

const fraction = (element: XmlElement): string => {
  const [over, under] = [part(element, 'num'), part(element, 'den')]
  return valOf(element, 'fPr', 'type') === 'noBar'
    ? `\\genfrac{}{}{0pt}{}{${over}}{${under}}`
    : `\\frac{${over}}{${under}}`
}

const root = (element: XmlElement): string => {
  const degree = part(element, 'deg')
  return `\\sqrt${degree === '' ? '' : `[${degree}]`}{${part(element, 'e')}}`
}

const rows = (element: XmlElement, row: string): string =>
  childrenOf(element, row)
    .map((each) => (row === 'mr' ? childrenOf(each, 'e').map(inside).join(' & ') : inside(each)))
    .join(' \\\\ ')

const CONVERT: Record<string, (element: XmlElement) => string> = {
  r: (element) =>
    childrenOf(element, 't')
      .map((text) => runText(textOf(text)))
      .join(''),
  f: fraction,
  sSup: (element) => `${part(element, 'e')}^{${part(element, 'sup')}}`,
  sSub: (element) => `${part(element, 'e')}_{${part(element, 'sub')}}`,
  sSubSup: (element) => `${part(element, 'e')}_{${part(element, 'sub')}}^{${part(element, 'sup')}}`,
  sPre: (element) => `{}_{${part(element, 'sub')}}^{${part(element, 'sup')}}${part(element, 'e')}`,
  rad: root,
  d: delimited,
  nary: operator,
  func: (element) => `${functionName(childOf(element, 'fName'))}(${part(element, 'e')})`,
  limLow: (element) => `${functionName(childOf(element, 'e'))}_{${part(element, 'lim')}}`,
  limUpp: (element) => `\\overset{${part(element, 'lim')}}{${part(element, 'e')}}`,
  groupChr: grouped,
  acc: (element) => `\\${ACCENTS[valOf(element, 'accPr', 'chr') ?? '\u0302'] ?? 'hat'}{${part(element, 'e')}}`,
  bar: (element) => `\\overline{${part(element, 'e')}}`,
  m: (element) => `\\begin{matrix}${rows(element, 'mr')}\\end{matrix}`,
  // Word puts an equation that stands on a line of its own into an array of one.
  eqArr: (element) =>
    childrenOf(element, 'e').length === 1 ? part(element, 'e') : `\\begin{array}{c}${rows(element, 'e')}\\end{array}`,
}

/** An equation, or a part of one. */
export function mathText(element: XmlElement): string {
  if (element.name.endsWith('Pr')) return ''
  const convert = Object.hasOwn(CONVERT, element.name) ? CONVERT[element.name] : undefined
  return convert ? convert(element) : inside(element)
}
