/** Windows' code page for a font's character set (RTF 1.9.1, "Font Table"). */
export const CODE_PAGES: Record<number, string> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'cp949',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
}

/** Words that stand for a character. */
export const CHARACTERS: Record<string, string> = {
  tab: '\t',
  line: '\n',
  emdash: '\u2014',
  endash: '\u2013',
  bullet: '\u2022',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  emspace: ' ',
  enspace: ' ',
}

/** Groups that hold no text of the document. */
export const UNREAD = new Set(
  'fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl sp nonshppict filetbl revtbl fldinst bkmkstart bkmkend nonesttables'.split(
    ' ',
  ),
)

/** Groups that are to be skipped by programs that do not know them, and that have text. */
export const READ_ALL_THE_SAME = new Set(['shpinst', 'shptxt', 'nestcell', 'pnseclvl', 'fldrslt', 'footnote'])
