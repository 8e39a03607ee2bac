export const API_VERSION = '2024-11-30'
