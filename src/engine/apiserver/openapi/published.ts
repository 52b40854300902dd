/** Where OpenAPI is published. */
export const openApiPaths = ['/openapi/v2', '/openapi/v3', '/openapi/v3/']
