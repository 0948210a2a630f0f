// Loaded by the bootstrap into what it runs: a supervisor that was killed must not leave a server behind that holds the port.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Waiting for that must not keep a finished command alive.
process.channel?.unref();
