/**
 * Runs a saved search, one page a call, as REST web services have no call for it.
 *
 * POST {"action": "page", "search": "customsearch_...", "page": 0, "pageSize": 1000}
 *   -> {"pageCount": 2, "count": 1234, "rows": [{"id", "type", "columns": [{"name", "join", "label", "value", "text"}]}]}
 *
 * It only reads, and only what the role of the caller may see.
 *
 * @NApiVersion 2.1
 * @NScriptType Restlet
 * @NModuleScope SameAccount
 */
define(['N/error', 'N/search'], (error, search) => {
  const refuse = (name, message) => {
    throw error.create({ name, message, notifyOff: true });
  };

  const wholeNumber = (value, name, least, most) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      refuse('SSS_INVALID_PARAMETER', `${name} must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };

  const readColumn = (result, column) => ({
    name: column.name,
    join: column.join || '',
    label: column.label || '',
    value: result.getValue(column),
    text: result.getText(column) || '',
  });

  const readRow = (result) => ({
    id: result.id === null || result.id === undefined ? null : String(result.id),
    type: result.recordType ? String(result.recordType) : '',
    columns: result.columns.map((column) => readColumn(result, column)),
  });

  const readPage = (request) => {
    if (!request.search) {
      refuse('SSS_MISSING_REQD_ARGUMENT', 'search: give the id of a saved search.');
    }
    const pageSize = wholeNumber(request.pageSize === undefined ? 1000 : request.pageSize, 'pageSize', 5, 1000);
    const page = wholeNumber(request.page === undefined ? 0 : request.page, 'page', 0, 1000);
    const paged = search.load({ id: request.search }).runPaged({ pageSize });
    const pageCount = paged.pageRanges.length;
    // The result may have become shorter since the page before: then there is nothing more to read.
    const rows = page < pageCount ? paged.fetch({ index: page }).data.map(readRow) : [];
    return { pageCount, count: paged.count, rows };
  };

  const post = (request) => {
    const action = request && request.action;
    if (action !== 'page') {
      refuse('SSS_INVALID_PARAMETER', `action: ${JSON.stringify(action)} is unknown; it must be "page".`);
    }
    return readPage(request);
  };

  return { post };
});
