import './zod-without-eval.ts'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import './styles/table.css'
import './styles/result.css'
import './styles/search.css'
import './styles/queue.css'
import './styles/download.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { startLanguage } from './i18n/index.ts'
import { startTheme } from './theme.ts'

startTheme()
startLanguage()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
