import type { ErrorCode } from '@adp/contract/errors.ts'
import type { ClientErrorCode } from '../api-error.ts'
import type { ErrorWords } from './en.ts'

export const ptErrors: Record<ErrorCode | ClientErrorCode, ErrorWords> = {
  invalid_request: {
    message: 'A requisição não é válida.',
    action: 'Corrija os campos indicados no detalhe e envie de novo.',
  },
  malformed_upload: {
    message: 'O envio não é um corpo multipart/form-data legível.',
    action: 'Envie os arquivos como multipart/form-data no campo `files`.',
  },
  no_file: {
    message: 'O envio não contém nenhum arquivo.',
    action: 'Envie pelo menos um arquivo no campo multipart `files`.',
  },
  upload_interrupted: {
    message: 'O envio foi interrompido antes do fim. Nada dele foi guardado.',
    action: 'Envie de novo.',
  },
  upload_expired: {
    message: 'O envio ficou parado por tanto tempo que seus bytes foram removidos. Nada dele foi guardado.',
    action: 'Envie de novo.',
  },
  not_found: {
    message: 'Não há nada neste endereço.',
    action: 'Veja em /openapi.json quais endereços existem.',
  },
  document_not_found: {
    message: 'Não existe documento com este identificador.',
    action: 'Confira o identificador; o documento pode ter sido excluído.',
  },
  page_not_found: {
    message: 'O documento não tem página com este número.',
    action: 'Peça uma página entre 1 e o número de páginas do documento.',
  },
  page_not_drawable: {
    message: 'A página não pode ser mostrada como imagem.',
    action: 'O texto dela está disponível mesmo assim. Baixe o original para vê-la.',
  },
  table_not_found: {
    message: 'O documento não tem tabela com este número.',
    action: 'Peça uma tabela entre 1 e o número de tabelas que `GET /documents/{id}/exports` informa.',
  },
  export_unavailable: {
    message: 'O documento não pode ser exportado neste formato.',
    action: 'Escolha outro formato; Markdown, texto e JSON existem para todo documento concluído.',
  },
  export_in_progress: {
    message: 'O arquivo ainda está sendo preparado.',
    action: 'Peça-o de novo em alguns segundos.',
  },
  result_not_ready: {
    message: 'O documento ainda não tem resultado.',
    action: 'Acompanhe o estado e peça o resultado quando estiver concluído.',
  },
  job_in_progress: {
    message: 'O documento já está sendo processado.',
    action: 'Aguarde até que termine ou falhe.',
  },
  job_finished: {
    message: 'O documento não está sendo processado, portanto não há o que cancelar.',
    action: 'Não é preciso fazer nada. O estado mostra como terminou.',
  },
  no_failed_page: {
    message: 'Todas as páginas puderam ser lidas, portanto não há o que ler de novo.',
    action: 'Não é preciso fazer nada. Para ler o documento inteiro de novo, omita `pages`.',
  },
  request_too_large: {
    message: 'O corpo da requisição é maior do que este endereço aceita.',
    action: 'Envie um corpo menor.',
  },
  file_too_large: {
    message: 'O arquivo é maior do que este servidor aceita.',
    action: 'Envie um arquivo menor ou aumente MAX_UPLOAD_BYTES.',
  },
  too_many_files: {
    message: 'O envio tem mais arquivos do que este servidor aceita de uma vez.',
    action: 'Envie menos arquivos por vez ou aumente MAX_UPLOAD_FILES.',
  },
  unsupported_type: {
    message: 'O arquivo é de um tipo que não pode ser processado.',
    action:
      'Envie um PDF, uma imagem (PNG, JPEG, TIFF, WebP, BMP, GIF, HEIC), um texto (TXT, Markdown, CSV, HTML, RTF), um arquivo do Office (DOCX, XLSX, PPTX, ODT, ODS, ODP) ou um e-mail (EML, MSG). Salve antes arquivos antigos do Office (DOC, XLS, PPT) e XLSB como DOCX, XLSX ou PPTX. O que vale é o conteúdo, não o nome.',
  },
  unsupported_media_type: {
    message: 'O corpo da requisição é de um tipo que este endereço não aceita.',
    action: 'Veja em /openapi.json o que ele aceita.',
  },
  range_not_satisfiable: {
    message: 'O arquivo não tem esse intervalo de bytes.',
    action: 'Peça um intervalo dentro do tamanho do arquivo.',
  },
  file_empty: {
    message: 'O arquivo está vazio.',
    action: 'Envie um arquivo com conteúdo.',
  },
  idempotency_key_reused: {
    message: 'Esta Idempotency-Key já foi usada para outros arquivos ou opções.',
    action: 'Use uma chave nova para um envio novo.',
  },
  unavailable: {
    message: 'O banco de dados ou o armazenamento não está acessível no momento.',
    action: 'Tente de novo em alguns segundos.',
  },
  internal_error: {
    message: 'Algo deu errado dentro do servidor.',
    action:
      'Tente de novo. Se acontecer outra vez, procure no log do servidor a requisição (`instance`) ou o processamento.',
  },
  file_corrupt: {
    message: 'O arquivo está danificado e não pode ser lido.',
    action: 'Abra-o em um visualizador, salve de novo e envie essa cópia.',
  },
  file_encrypted: {
    message: 'O arquivo está protegido por senha.',
    action: 'Remova a senha e envie o arquivo de novo.',
  },
  no_readable_page: {
    message: 'Nenhuma página do arquivo pôde ser lida.',
    action: 'Abra-o em um visualizador, imprima em um novo PDF e envie esse PDF.',
  },
  image_too_large: {
    message: 'A imagem tem mais pixels do que é possível processar.',
    action: 'Reduza a imagem e envie de novo.',
  },
  archive_too_large: {
    message: 'O arquivo está tão compactado que, aberto, é maior do que pode ser processado.',
    action: 'Abra-o no programa que o criou, divida-o e envie as partes.',
  },
  too_many_cells: {
    message: 'O arquivo tem mais células em suas tabelas do que podem ser processadas.',
    action: 'Divida-o ou envie somente as planilhas necessárias.',
  },
  too_many_pages: {
    message: 'O documento tem mais páginas do que este servidor aceita.',
    action: 'Divida o documento ou aumente MAX_PAGES.',
  },
  memory_exceeded: {
    message: 'A leitura do arquivo precisou de mais memória do que um documento pode usar e foi interrompida.',
    action: 'Divida ou simplifique o arquivo, ou aumente EXTRACTION_MEMORY_MB.',
  },
  page_timeout: {
    message: 'A leitura do arquivo ficou tempo demais sem avançar e foi interrompida.',
    action: 'Divida ou simplifique o arquivo, ou aumente EXTRACTION_PAGE_TIMEOUT_SECONDS.',
  },
  document_timeout: {
    message: 'A leitura do arquivo demorou mais do que um documento pode levar e foi interrompida.',
    action: 'Divida o arquivo ou aumente EXTRACTION_TIMEOUT_SECONDS.',
  },
  content_missing: {
    message: 'Os bytes guardados do documento desapareceram.',
    action: 'Envie o arquivo de novo e verifique o armazenamento do servidor.',
  },
  content_damaged: {
    message: 'Os bytes guardados do documento não são os que foram enviados.',
    action: 'Envie o arquivo de novo e verifique o armazenamento do servidor.',
  },
  result_invalid: {
    message: 'O resultado do provedor não tem a forma que ele documenta.',
    action: 'Avise o provedor, com o detalhe: ler o documento de novo dá o mesmo resultado, e é pago de novo.',
  },
  result_outdated_shape: {
    message: 'O resultado do provedor tem a forma de uma versão mais antiga da API dele.',
    action: 'Configure um endereço que fale a versão 2024-11-30 da API.',
  },
  result_mismatch: {
    message: 'O resultado do provedor não é do que lhe foi enviado.',
    action:
      'Processe o documento de novo. Se acontecer outra vez, veja no detalhe qual configuração do provedor difere.',
  },
  result_incomplete: {
    message: 'Faltam páginas do documento no resultado do provedor.',
    action: 'Confira o plano do provedor (o gratuito só lê duas páginas) e processe o documento de novo.',
  },
  provider_answer_broken: {
    message: 'A resposta do provedor foi interrompida ou não é JSON.',
    action: 'Tente de novo. Se acontecer outra vez, verifique a rede entre este servidor e o provedor.',
  },
  canceled: {
    message: 'O processamento foi cancelado.',
    action: 'Processe o documento de novo se ele ainda for necessário.',
  },
  parser_crashed: {
    message: 'O processo que lê o arquivo morreu.',
    action: 'Tente de novo. Se acontecer outra vez, a causa é o arquivo: salve de novo e envie essa cópia.',
  },
  model_not_found: {
    message: 'O provedor não tem nenhum modelo com este nome.',
    action: 'Confira o nome do modelo e se ele pertence ao recurso configurado ou é um dos que este servidor tem.',
  },
  credentials_unavailable: {
    message: 'Este servidor não tem credenciais para o provedor.',
    action:
      'O sistema tenta de novo sozinho. Defina AZURE_DOCUMENT_INTELLIGENCE_KEY, ou dê à máquina uma identidade que possa usar o provedor.',
  },
  credentials_refused: {
    message: 'O provedor recusa as credenciais deste servidor.',
    action: 'Confira AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT e a chave, e processe o documento de novo.',
  },
  provider_rejected: {
    message: 'O provedor não aceita o documento, ou uma opção enviada com ele.',
    action: 'O detalhe técnico traz o motivo nas palavras do provedor.',
  },
  provider_not_configured: {
    message: 'O provedor que deveria ler o documento não está configurado neste servidor.',
    action: 'Defina AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT e a chave, ou processe o documento com outro provedor.',
  },
  unsupported_by_provider: {
    message: 'O provedor que deveria ler o documento não lê arquivos deste tipo. Nada foi enviado a ele.',
    action: 'Envie-o com `provider=local`, ou como arquivo PDF, PNG, JPEG, TIFF, BMP ou HEIC.',
  },
  over_quota: {
    message: 'O documento tem mais páginas do que ainda se pode enviar ao provedor neste período.',
    action:
      'Processe-o de novo no próximo período. Se ele tem mais páginas do que um período inteiro aceita, aumente a cota nas configurações.',
  },
  operation_expired: {
    message: 'O provedor não tem mais o resultado do documento: ele o guarda por 24 horas.',
    action: 'Processe o documento de novo. Ele será cobrado outra vez.',
  },
  pages_out_of_range: {
    message: 'O documento não tem nenhuma das páginas pedidas.',
    action: 'Veja em `detail` quantas ele tem e envie-o de novo com outras páginas.',
  },
  submission_uncertain: {
    message: 'O documento foi enviado ao provedor duas vezes, e nenhuma das vezes veio resposta.',
    action:
      'As duas podem ter sido cobradas, por isso ele não é enviado de novo sozinho. Processe-o de novo quando o provedor responder.',
  },
  provider_unavailable: {
    message: 'O provedor está inacessível ou não responde como deveria.',
    action:
      'O sistema tenta de novo sozinho. Se continuar assim, verifique AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT e a página de status do provedor.',
  },
  provider_failed: {
    message: 'O provedor aceitou o documento e depois não conseguiu lê-lo.',
    action: 'O sistema tenta de novo sozinho. O que falha não é cobrado.',
  },
  provider_throttled: {
    message: 'O provedor não aceita mais documentos no momento.',
    action: 'Não é preciso fazer nada: o processamento continua sozinho, e nenhuma tentativa é gasta.',
  },
  quota_exceeded: {
    message: 'As páginas que podem ser enviadas ao provedor neste período acabaram.',
    action:
      'O processamento continua sozinho no próximo período, ou em até 15 minutos depois de a cota ser aumentada nas configurações.',
  },
  worker_lost: {
    message: 'O worker que cuidava do documento morreu ou ficou inacessível.',
    action: 'Tente de novo. Se acontecer outra vez, veja o log do worker.',
  },
  unreachable: {
    message: 'O servidor não está acessível.',
    action: 'Verifique a conexão. A página continua tentando sozinha.',
  },
  unexpected_answer: {
    message: 'O servidor deu uma resposta que esta página não entende.',
    action: 'Recarregue a página. Se acontecer outra vez, a página e o servidor podem ser de versões diferentes.',
  },
  cancelled: {
    message: 'O envio foi interrompido por você.',
    action: 'Envie o arquivo de novo se ainda quiser.',
  },
}
