// The message centre that the node package `smpp` makes in a few lines: answers every submit_sm, sends a
// receipt at once where one is asked for. Prints its port.
const smpp = require("smpp");
let last = 0;
const server = smpp.createServer((session) => {
  session.on("bind_transceiver", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("error", () => {});
  session.on("submit_sm", (pdu) => {
    const id = String(++last);
    session.send(pdu.response({ message_id: id }));
    if (!pdu.registered_delivery) return;
    session.deliver_sm({
      source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611261200 done date:2611261200 stat:DELIVRD err:000 text:`,
      receipted_message_id: id, message_state: 2,
    });
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
