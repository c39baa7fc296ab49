// Socket.IO as it comes: rooms, and what one member says is told to all others. Prints its port.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false })
io.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    void socket.join(room)
    done()
  })
  socket.on('publish', (room, payload) => io.to(room).emit('frames', payload))
})
http.listen(0, '127.0.0.1', () => console.log(`listening on ${http.address().port}`))
